/** The bytes of the protocol: what a client writes and what it reads. */
@NullMarked
package io.penstock.forward.client.internal.message;

import org.jspecify.annotations.NullMarked;
