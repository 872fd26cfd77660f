/** Certificates of TLS listeners: checked, and reloaded when their files change. */
@NullMarked
package io.penstock.base.tls;

import org.jspecify.annotations.NullMarked;
