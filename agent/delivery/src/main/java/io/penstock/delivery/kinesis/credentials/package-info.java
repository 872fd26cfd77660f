/** The sources of credentials, and when credentials are resolved again. */
@NullMarked
package io.penstock.delivery.kinesis.credentials;

import org.jspecify.annotations.NullMarked;
