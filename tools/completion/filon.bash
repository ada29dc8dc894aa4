# SPDX-License-Identifier: AGPL-3.0-or-later
# Completion of filon's command line for bash: source it, or install it as /usr/share/bash-completion/completions/filon.

_filon()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' i
    local commands='found serve demo import audit statement user rebuild backup restore log version help'

    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --data | --port | --lang | --rate | --currency | --as | --members | --offers | --orders | --address | --origin | --smtp | --from | --policy | --vkey | --old | --leaf | --state | --log | --to) ((i++)) ;;
        -*) ;;
        *) command=${COMP_WORDS[i]} && break ;;
        esac
    done
    case $before in
    --data) mapfile -t COMPREPLY < <(compgen -d -- "$word") && return ;;
    --lang) mapfile -t COMPREPLY < <(compgen -W 'fr en' -- "$word") && return ;;
    --policy | --old | --leaf | --log) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
    --state | --to) mapfile -t COMPREPLY < <(compgen -d -- "$word") && return ;;
    --vkey) return ;;
    --port | --rate | --currency | --as | --members | --offers | --orders | --address | --origin | --smtp | --from) return ;;
    peer) mapfile -t COMPREPLY < <(compgen -W 'add drop list' -- "$word") && return ;;
    policy) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
    user) mapfile -t COMPREPLY < <(compgen -W 'list link role' -- "$word") && return ;;
    log) mapfile -t COMPREPLY < <(compgen -W 'audit verify prove verify-proof watch evidence status policy peer key keygen rotate' -- "$word") && return ;;
    import) mapfile -t COMPREPLY < <(compgen -W 'inside-airbnb woocommerce members' -- "$word") && return ;;
    help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word") && return ;;
    esac
    if [[ $word == -* ]]; then
        local options='--data --json --lang'
        case $command in
        serve) options+=' --port --address --origin --wizard --smtp --from --behind-front --no-rate-limit' ;;
        backup) options+=' --to' ;;
        restore) options+=' --from' ;;
        log) options+=' --policy --vkey --old --foreign --leaf --state --log --mirror --end' ;;
        statement) options+=' --coop --currency --csv' ;;
        import) options+=' --dry-run --keep-good --rate --currency --as --admit' ;;
        demo) options+=' --port --address --origin --smtp --from --only-make --members --offers --orders' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
    elif [[ $word == [+]* ]]; then
        mapfile -t COMPREPLY < <(compgen -P + -W 'facilitator accountant auditor mediator' -- "${word:1}")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -F _filon filon
