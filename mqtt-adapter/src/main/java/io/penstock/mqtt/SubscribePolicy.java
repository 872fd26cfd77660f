package io.penstock.mqtt;

/** The answer to clients that subscribe. Nothing is ever delivered to them. */
public enum SubscribePolicy {
    /** Each topic filter is refused. */
    REFUSE,
    /** Each valid topic filter is granted: for devices that cannot go on without their subscription. */
    ACCEPT
}
