/** Names and passwords of clients: the password file, and checks that cost time and slow guessers down. */
@NullMarked
package io.penstock.base.auth;

import org.jspecify.annotations.NullMarked;
