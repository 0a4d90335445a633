#compdef omny-consume
# Completion of omny-consume in zsh. In ~/.zshrc, after compinit: source <(omny-consume completion zsh)
_omny_consume() {
  local line files=0
  local -a candidates more
  while IFS= read -r line; do
    case $line in
      :files) files=1 ;;
      :more) more=(-S '') ;;
      *) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done < <(omny-consume complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( ${#candidates} )) && _describe omny-consume candidates "${more[@]}"
  (( files )) && _files
}
compdef _omny_consume omny-consume
