/** The layers below MQTT: sockets, TLS, the PROXY protocol, WebSocket. */
@NullMarked
package io.penstock.mqtt.internal.transport;

import org.jspecify.annotations.NullMarked;
