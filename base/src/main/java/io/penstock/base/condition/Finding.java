package io.penstock.base.condition;

/**
 * A condition as a part of the program finds it now.
 *
 * @param severity the name's, unless the place makes it another one
 */
public record Finding(Severity severity, Place place, Explanation why) {
    public Finding(Place place, Explanation why) {
        this(why.name().severity(), place, why);
    }

    /** With the name's usual remedy. */
    public static Finding of(ConditionName name, Place place, String sentence) {
        return new Finding(place, Explanation.of(name, sentence));
    }
}
