/** The session state of clients, and which connection owns it. */
@NullMarked
package io.penstock.mqtt.internal.session;

import org.jspecify.annotations.NullMarked;
