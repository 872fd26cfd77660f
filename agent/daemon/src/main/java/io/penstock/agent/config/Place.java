package io.penstock.agent.config;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Where something stands in the file; line and column count from 1, and are 0 for what stands nowhere. */
record Place(int line, int column) {
    static final Place NOWHERE = new Place(0, 0);

    static Place of(Node node) {
        return of(node.getStartMark());
    }

    static Place of(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    boolean known() {
        return line > 0;
    }
}
