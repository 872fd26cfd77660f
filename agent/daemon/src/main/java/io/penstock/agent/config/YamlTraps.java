package io.penstock.agent.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Values that YAML takes for something else than their writer meant, as they lack quotes: what begins with <code>
 * { [ @ * &amp; ! % # | &gt;</code> or a backtick, and what has a colon and a blank in it. The remedies quote nothing
 * of
 * the file but single characters and placeholders, because a value may be a secret.
 */
final class YamlTraps {
    private static final Pattern VALUE = Pattern.compile("[\\s-]*[\\w.-]+:\\s+(\\S.*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("[a-z]+(\\(\\d+\\))?|\\$\\..*");

    private YamlTraps() {}

    /**
     * For a line that is no valid YAML.
     *
     * @param at the character that YAML stumbled over; 0 when there is none
     */
    static Optional<String> invalid(String line, char at) {
        if ("@`%*&!".indexOf(at) >= 0 && at != 0) {
            return Optional.of("put the value in quotes, because it begins with " + at);
        }
        Matcher entry = VALUE.matcher(line);
        if (!entry.matches()) {
            return Optional.empty();
        }
        String value = entry.group(1);
        char first = value.charAt(0);
        if (first == '{' || first == '[') {
            return Optional.of("if it is one value, put it in quotes, because it begins with " + first
                    + "; else mend the " + (first == '{' ? "section" : "list"));
        }
        if (first == '"') {
            return value.contains("\\")
                    ? Optional.of("put it in single quotes, in which \\ stands for itself")
                    : Optional.empty();
        }
        if (first != '\'' && value.contains(": ")) {
            return Optional.of("put the value in quotes, because it has a colon and a blank in it");
        }
        return Optional.empty();
    }

    /** For a list or section where one value belongs. */
    static Optional<String> collection(CollectionNode<?> node) {
        if (node.getFlowStyle() != FlowStyle.FLOW) {
            return Optional.empty();
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of("put it in quotes, because YAML takes what begins with { for a section"
                    + placeholder(mapping.getValue())
                            .map(name -> ": \"{" + name + "}\"")
                            .orElse(""));
        }
        return Optional.of("write one value, in quotes if it begins with [");
    }

    private static Optional<String> placeholder(List<NodeTuple> keys) {
        return keys.size() == 1
                        && keys.get(0).getKeyNode() instanceof ScalarNode name
                        && Scalar.isNull(keys.get(0).getValueNode())
                        && PLACEHOLDER.matcher(name.getValue()).matches()
                ? Optional.of(name.getValue())
                : Optional.empty();
    }

    /** For a value that is missing, or has lost its beginning. */
    static Optional<String> lost(ScalarNode node, String line) {
        if (node.getAnchor() != null) {
            return Optional.of("put it in quotes, because YAML takes what begins with & for an anchor");
        }
        if (node.getTag().getValue().startsWith("!")) {
            return Optional.of("put it in quotes, because YAML takes what begins with ! for a tag");
        }
        return line.matches(".*[:\\[,-]\\s+#.*")
                ? Optional.of("put it in quotes, because YAML takes what begins with # for a comment")
                : Optional.empty();
    }
}
