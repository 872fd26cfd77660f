package io.penstock.base.condition;

import io.penstock.base.text.OneLine;

/**
 * Why something does not work, without saying where: each text is one line of bounded length, without payload and
 * without the name of a class.
 *
 * @param sentence what happened, with the particulars
 * @param remedy what to do about it; empty for the name's usual remedy
 */
public record Explanation(ConditionName name, String sentence, String remedy) {
    public Explanation {
        sentence = OneLine.of(sentence);
        remedy = OneLine.of(remedy);
    }

    /** With the name's usual remedy. */
    public static Explanation of(ConditionName name, String sentence) {
        return new Explanation(name, sentence, "");
    }

    /** The same, with words before the sentence. */
    public Explanation after(String words) {
        return new Explanation(name, words + sentence, remedy);
    }

    /** The remedy, which is the name's usual one if this has none of its own. */
    public String advice() {
        return remedy.isEmpty() ? name.remedy() : remedy;
    }

    /** The sentence, and the remedy if this has one of its own. */
    public String text() {
        return remedy.isEmpty() ? sentence : sentence + "; " + remedy;
    }
}
