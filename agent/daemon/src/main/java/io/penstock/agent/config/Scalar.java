package io.penstock.agent.config;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * One value as it stands in the file. What it means is decided by the key that it stands under and not by YAML's own
 * types, so that {@code 1.1} stays {@code 1.1} and {@code no} is no boolean by accident.
 *
 * @param plain it stands without quotes
 */
record Scalar(String text, boolean plain, Place place) {
    static Scalar of(ScalarNode node) {
        return new Scalar(node.getValue(), node.getScalarStyle() == ScalarStyle.PLAIN, Place.of(node));
    }

    /** Whether a key stands there without a value. */
    static boolean isNull(@Nullable Node node) {
        return node instanceof ScalarNode scalar && of(scalar).isNull();
    }

    boolean isNull() {
        return plain && (text.isEmpty() || text.equals("~") || text.equals("null") || text.equals("Null"));
    }
}
