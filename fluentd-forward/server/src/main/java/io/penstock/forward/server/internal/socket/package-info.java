/** Unix domain sockets: their files and their channels. */
@NullMarked
package io.penstock.forward.server.internal.socket;

import org.jspecify.annotations.NullMarked;
