package io.penstock.tools.bench.wire;

import java.util.Map;

/** What is sent, by which protocol. */
public sealed interface Load permits MqttLoad, ForwardLoad, HttpLoad {
    /** The protocol's name, as in the command. */
    String protocol();

    /** How many events one acknowledgement answers. */
    int unit();

    /** How many acknowledgements each connection waits for at a time. */
    int window();

    /** Whether the receiver acknowledges at all. */
    boolean acknowledged();

    /** What was chosen, for the report: name and value. */
    Map<String, Object> settings();
}
