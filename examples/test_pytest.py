import json, os, time, urllib.request
from player import Player  # your player


def test_a_play_is_reported(monkeypatch):
    started_at = time.time() - 60
    monkeypatch.setattr("time.time", lambda: started_at)
    player = Player("9b5c82f7-74cf-4841-a870-a470017cc8eb")
    player.play(0)
    monkeypatch.setattr("time.time", lambda: started_at + 30)
    player.pause(30)
    player.end(os.environ["OMNY_CONSUME_ENDPOINT"])
    with urllib.request.urlopen(os.environ["OMNY_CONSUME_MOCK"] + "/_mock/findings") as answer:
        assert json.load(answer)["findings"] == []
