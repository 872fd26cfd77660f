package io.penstock.mqtt;

/** One user property of an MQTT 5 packet. */
public record UserProperty(String name, String value) {}
