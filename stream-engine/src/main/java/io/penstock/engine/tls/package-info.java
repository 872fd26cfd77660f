/** The certificate that the engine presents if none is configured. */
@NullMarked
package io.penstock.engine.tls;

import org.jspecify.annotations.NullMarked;
