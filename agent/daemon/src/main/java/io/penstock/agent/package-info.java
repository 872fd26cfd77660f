/** The daemon: composes the sources, the spool, the sender, the stream engine and the admin listener. */
@NullMarked
package io.penstock.agent;

import org.jspecify.annotations.NullMarked;
