package io.penstock.tools.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code penstock generate-completion}: a script for bash and zsh, which also asks for the names of streams. */
@Command(
        name = "generate-completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a completion script for bash and zsh: source <(penstock generate-completion)",
            "It completes commands, options and the names of streams, which it asks of the endpoint on the command line."
        })
final class CompletionCommand implements Callable<Integer> {
    /** Runs behind picocli's own function, which knows no names that change. */
    private static final String STREAMS = """

            # Names of streams, of the endpoint that the command line names; of spools where a spool is asked for.
            function _penstock_names() {
              local -a where=()
              local i
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "${COMP_WORDS[i]}" in
                --endpoint-url | --region | --config | --data) where+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}") ;;
                esac
              done
              "${COMP_WORDS[0]}" "$@" "${where[@]}" 2>/dev/null </dev/null | awk 'NR > 1 {print $1}'
            }

            function _complete_penstock_and_streams() {
              _complete_penstock "$@"
              local current="${COMP_WORDS[COMP_CWORD]}" names=""
              case "$current" in -*) return ;; esac
              case "${COMP_WORDS[COMP_CWORD - 1]}" in -*) return ;; esac
              case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
              "tail "* | "put "* | "streams describe" | "streams delete" | "streams split" | "streams merge" | "streams reshard")
                [ "$COMP_CWORD" -gt 1 ] && names="$(_penstock_names streams list)" ;;
              "spool inspect" | "spool export" | "dead-letters show" | "dead-letters replay" | "dead-letters drop")
                [ "$COMP_CWORD" -gt 2 ] && names="$(_penstock_names spool list)" ;;
              esac
              COMPREPLY+=($(compgen -W "$names" -- "$current"))
            }
            complete -F _complete_penstock_and_streams -o default penstock
            """;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        out.println(STREAMS);
        out.flush();
        return 0;
    }
}
