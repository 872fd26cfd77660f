/** Topic filters of permissions. */
@NullMarked
package io.penstock.mqtt.internal.auth;

import org.jspecify.annotations.NullMarked;
