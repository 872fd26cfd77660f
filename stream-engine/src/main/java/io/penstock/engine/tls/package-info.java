/** The certificate that the engine shows when none was given. */
@NullMarked
package io.penstock.engine.tls;

import org.jspecify.annotations.NullMarked;
