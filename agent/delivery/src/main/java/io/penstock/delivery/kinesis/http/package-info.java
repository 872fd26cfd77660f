/** Signed HTTP calls through the clients of the AWS SDK, with bounded answers. */
@NullMarked
package io.penstock.delivery.kinesis.http;

import org.jspecify.annotations.NullMarked;
