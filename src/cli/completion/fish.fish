# Completion of omny-consume in fish. In ~/.config/fish/config.fish: omny-consume completion fish | source
function __omny_consume_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (omny-consume complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :more
            case '*'
                echo $line
        end
    end
end
complete -c omny-consume -f -a '(__omny_consume_complete)'
