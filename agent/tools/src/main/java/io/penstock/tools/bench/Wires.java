package io.penstock.tools.bench;

/** Makes the wire of each connection of a run. */
record Wires(Load load, Plan plan, String run, EventText text) {
    Wire of(int connection) {
        if (load instanceof MqttLoad mqtt) {
            return new MqttWire(mqtt, text, run, connection);
        }
        if (load instanceof ForwardLoad forward) {
            return new ForwardWire(forward, text, run, connection);
        }
        return new HttpWire((HttpLoad) load, text, run, plan, connection);
    }
}
