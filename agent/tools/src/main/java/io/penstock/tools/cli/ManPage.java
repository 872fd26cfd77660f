package io.penstock.tools.cli;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command, in man(7), from what the command says of itself. */
@OwnedBy(ThreadRole.HOLDER)
final class ManPage {
    private static final String HELP = "help";

    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** The pages of a command and all below it, by file name: {@code penstock-spool-list.1}. */
    static Map<String, String> all(CommandLine command) {
        Map<String, String> pages = new LinkedHashMap<>();
        add(command, pages);
        return pages;
    }

    private static void add(CommandLine command, Map<String, String> pages) {
        CommandSpec spec = command.getCommandSpec();
        pages.put(name(spec) + ".1", of(command));
        command.getSubcommands().values().stream()
                .distinct()
                .filter(below -> !below.getCommandName().equals(HELP))
                .forEach(below -> add(below, pages));
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private static String of(CommandLine command) {
        ManPage page = new ManPage();
        page.write(command);
        return page.page.toString();
    }

    private void write(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        CommandLine.Help help = command.getHelp();
        String[] description = spec.usageMessage().description();
        macro("TH", quoted(name(spec).toUpperCase(Locale.ROOT)), "1", "\"\"", quoted("Penstock"));
        macro("SH", "NAME");
        text(name(spec) + " \\- " + escaped(description.length == 0 ? spec.name() : first(description[0])));
        macro("SH", "SYNOPSIS");
        text(escaped(help.synopsis(0).strip().replaceAll("\\s+", " ")));
        macro("SH", "DESCRIPTION");
        for (String paragraph : description) {
            macro("PP");
            text(escaped(plain(paragraph)));
        }
        if (!spec.positionalParameters().isEmpty()) {
            macro("SH", "ARGUMENTS");
            for (PositionalParamSpec parameter : spec.positionalParameters()) {
                argument("\\fI" + escaped(parameter.paramLabel()) + "\\fR", parameter);
            }
        }
        macro("SH", "OPTIONS");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String label = option.typeInfo().isBoolean() ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR";
                argument("\\fB" + escaped(String.join(", ", option.names())) + "\\fR" + label, option);
            }
        }
        below(command);
        macro("SH", "EXIT STATUS");
        text("0 success, 1 failure, 2 wrong usage or configuration.");
    }

    private void below(CommandLine command) {
        if (command.getSubcommands().isEmpty()) {
            return;
        }
        macro("SH", "COMMANDS");
        command.getSubcommands().values().stream()
                .distinct()
                .filter(each -> !each.getCommandName().equals(HELP))
                .forEach(each -> {
                    String[] description = each.getCommandSpec().usageMessage().description();
                    macro("TP");
                    text("\\fB" + escaped(each.getCommandName()) + "\\fR");
                    text(escaped(description.length == 0 ? "" : plain(description[0])));
                });
    }

    private void argument(String label, ArgSpec argument) {
        macro("TP");
        text(label);
        for (String line : argument.description()) {
            text(escaped(plain(line.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue())))));
        }
    }

    private static String plain(String text) {
        return Ansi.OFF.string(text).replace("%n", " ").replace("%%", "%");
    }

    private static String first(String description) {
        String plain = plain(description);
        int end = plain.indexOf(". ");
        return (end < 0 ? plain : plain.substring(0, end)).replaceAll("[.:]$", "");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "") + "\"";
    }

    private void macro(String name, String... arguments) {
        page.append('.').append(name);
        for (String argument : arguments) {
            page.append(' ').append(argument);
        }
        page.append('\n');
    }

    /** A dot or an apostrophe at the beginning of a line would be a macro. */
    private void text(String line) {
        if (!line.isBlank()) {
            page.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "")
                    .append(line.replace('\n', ' '))
                    .append('\n');
        }
    }
}
