# Completion of omny-consume in bash. In ~/.bashrc: source <(omny-consume completion bash)
_omny_consume() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default ;;
      :more) compopt -o nospace ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <(omny-consume complete --bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _omny_consume omny-consume
