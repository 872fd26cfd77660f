package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;

/**
 * {@code mqtt.websocket:}
 *
 * @param path of the URL under which MQTT is spoken over WebSocket
 * @param web which web pages and names may reach it
 */
public record WebSocketSection(String path, WebAccess web) {
    static WebSocketSection read(Section section) {
        return new WebSocketSection(section.value("path", "/mqtt", WebSocketSection::path), WebAccess.read(section));
    }

    private static Parsed<String> path(String text) {
        return text.matches("/[A-Za-z0-9/._~-]{0,255}")
                ? Parsed.right(text)
                : Parsed.wrong("\"" + text + "\" is no path", "write one such as /mqtt");
    }
}
