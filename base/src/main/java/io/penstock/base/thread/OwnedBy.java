package io.penstock.base.thread;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Only the owner may call the type's methods and touch its fields, except for the methods that say "any thread" and for
 * the constructor. The type needs no lock. {@code docs/design/threading.md} lists the types of each owner; a test
 * compares the list with the annotations. The important types also assert their owner, see {@link OwnerCheck}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OwnedBy {
    ThreadRole value();
}
