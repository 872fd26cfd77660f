/** The certificates of listeners, read again when their files change. */
@NullMarked
package io.penstock.agent.tls;

import org.jspecify.annotations.NullMarked;
