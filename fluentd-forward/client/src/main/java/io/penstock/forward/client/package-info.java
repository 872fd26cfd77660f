/**
 * A client for the Fluentd forward protocol, version 1, to run inside applications: events go into a bounded buffer and
 * are sent again until they are acknowledged. Needs the JDK and msgpack-core only.
 */
@NullMarked
package io.penstock.forward.client;

import org.jspecify.annotations.NullMarked;
