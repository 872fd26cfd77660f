package io.penstock.delivery.kinesis.fault;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains the error codes with which the service refuses a call until an operator acts. Stateless. */
final class ServiceErrors {
    /** How AWS names the action in the message of a denied call. */
    private static final Pattern ACTION = Pattern.compile("to perform:? ([\\w:*-]{1,100})");

    private static final Set<String> SIGNATURES = Set.of(
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "AuthFailure",
            "OptInRequired",
            "SubscriptionRequiredException");

    private ServiceErrors() {}

    /** @param operation the call's, such as PutRecords */
    static Explanation denied(String code, String detail, String operation) {
        if (code.startsWith("KMS")) {
            return new Explanation(ConditionName.KMS, detail, kms(code));
        }
        if (code.startsWith("AccessDenied") || code.equals("UnauthorizedOperation") || code.equals("NotAuthorized")) {
            return new Explanation(
                    ConditionName.ACCESS_DENIED,
                    detail,
                    "allow " + action(detail, operation) + " on the stream to the user or role of the agent");
        }
        if (SIGNATURES.contains(code)) {
            return new Explanation(
                    ConditionName.CREDENTIALS,
                    detail,
                    "compare the pair of keys and the region with what the service knows");
        }
        return Explanation.of(ConditionName.PARKED, detail);
    }

    /** The action that is missing: the one that the message names, else the one of the call. */
    private static String action(String detail, String operation) {
        Matcher named = ACTION.matcher(detail);
        return named.find() ? named.group(1) : "kinesis:" + operation;
    }

    private static String kms(String code) {
        return switch (code) {
            case "KMSAccessDeniedException" ->
                "allow kms:GenerateDataKey on the stream's key to the user or role of the" + " agent";
            case "KMSDisabledException" -> "enable the stream's KMS key";
            case "KMSNotFoundException" -> "give the stream a KMS key that exists, or switch its encryption off";
            case "KMSInvalidStateException" -> "look at the state of the stream's KMS key: it may await its deletion";
            default -> "";
        };
    }
}
