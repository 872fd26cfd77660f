/** The Log4j source: JSON lines as Log4j's SocketAppender sends them, on their way into the spools. */
@NullMarked
package io.penstock.agent.log4j;

import org.jspecify.annotations.NullMarked;
