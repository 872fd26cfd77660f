/** The configuration of a target: address, credentials, network, limits, prices. */
@NullMarked
package io.penstock.delivery.kinesis.settings;

import org.jspecify.annotations.NullMarked;
