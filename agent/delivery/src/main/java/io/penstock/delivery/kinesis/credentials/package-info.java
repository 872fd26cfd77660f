/** Where the credentials of calls come from, and when they are asked for again. */
@NullMarked
package io.penstock.delivery.kinesis.credentials;

import org.jspecify.annotations.NullMarked;
