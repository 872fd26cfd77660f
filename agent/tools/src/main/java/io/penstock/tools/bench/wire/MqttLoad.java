package io.penstock.tools.bench.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One publish for each event.
 *
 * @param version of the protocol: 4 for 3.1.1, or 5
 * @param qos 0, 1 or 2
 * @param window publishes that wait for an answer, 1 to {@link #MAX_WINDOW}; a version 5 server may lower it
 * @param topic where {@link #CONNECTION} stands for the number of the connection
 * @param keepsSessions whether each connection asks for a session that outlives the connection
 * @param login user and password
 */
public record MqttLoad(int version, int qos, int window, String topic, boolean keepsSessions, Login login)
        implements Load {
    /** Packet identifiers have two bytes, and 0 is none (MQTT 3.1.1, 2.3.1). */
    public static final int MAX_WINDOW = 65_535;

    /** In a topic: the number of the connection. */
    public static final String CONNECTION = "{connection}";

    /** Without a login. */
    public MqttLoad(int version, int qos, int window, String topic, boolean keepsSessions) {
        this(version, qos, window, topic, keepsSessions, Login.NONE);
    }

    @Override
    public String protocol() {
        return "mqtt";
    }

    @Override
    public int unit() {
        return 1;
    }

    @Override
    public boolean acknowledged() {
        return qos > 0;
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("version", version == 5 ? "5" : "3.1.1");
        settings.put("qos", qos);
        settings.put("window", window);
        settings.put("topic", topic);
        settings.put("keep_sessions", keepsSessions);
        return settings;
    }
}
