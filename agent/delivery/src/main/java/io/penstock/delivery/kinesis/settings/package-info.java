/** How a target is configured: address, credentials, network, limits, prices. */
@NullMarked
package io.penstock.delivery.kinesis.settings;

import org.jspecify.annotations.NullMarked;
