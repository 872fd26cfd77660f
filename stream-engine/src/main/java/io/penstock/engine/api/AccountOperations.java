package io.penstock.engine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.AccountSettings;
import io.penstock.engine.stream.Channels;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.util.Map;

/**
 * Limits, the account's settings, and resource policies. Policies are stored and returned, but access is never checked
 * against them.
 */
final class AccountOperations {
    private static final int MOST_POLICY = 20_480;

    private final Context context;
    private final AccountSettings settings;
    private final ObjectMapper json = new ObjectMapper();

    AccountOperations(Context context, AccountSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    void addTo(Map<KinesisModel, Operation> operations) {
        operations.put(KinesisModel.DESCRIBE_LIMITS, this::limits);
        operations.put(KinesisModel.DESCRIBE_ACCOUNT_SETTINGS, (input, codec) -> commitment(codec));
        operations.put(KinesisModel.UPDATE_ACCOUNT_SETTINGS, this::updateSettings);
        operations.put(KinesisModel.PUT_RESOURCE_POLICY, this::putPolicy);
        operations.put(KinesisModel.GET_RESOURCE_POLICY, this::getPolicy);
        operations.put(KinesisModel.DELETE_RESOURCE_POLICY, this::deletePolicy);
    }

    private byte[] limits(Input input, Codec codec) {
        long onDemand = context.streams().after(input.scope(), "").stream()
                .filter(stream -> stream.meta().options().mode() == StreamMode.ON_DEMAND)
                .count();
        return Answer.begin(codec)
                .whole("ShardLimit", context.streams().limits().maxShards())
                .whole("OpenShardCount", context.streams().openShards(input.scope()))
                .whole("OnDemandStreamCount", onDemand)
                .whole("OnDemandStreamCountLimit", context.streams().limits().maxStreams())
                .whole("ChannelCount", context.channels().in(input.scope()).size())
                .whole("ChannelCountLimit", Channels.MOST)
                .end();
    }

    private byte[] updateSettings(Input input, Codec codec) throws IOException {
        boolean enabled = input.structure("MinimumThroughputBillingCommitment")
                .text("Status")
                .equals("ENABLED");
        settings.setCommitted(enabled, context.clock().date());
        return commitment(codec);
    }

    private byte[] commitment(Codec codec) {
        Answer answer = Answer.begin(codec).object("MinimumThroughputBillingCommitment");
        answer.text("Status", settings.isCommitted() ? "ENABLED" : "DISABLED");
        if (settings.changedAt() > 0) {
            answer.time(settings.isCommitted() ? "StartedAt" : "EndedAt", settings.changedAt());
        }
        return answer.endObject().end();
    }

    private byte[] putPolicy(Input input, Codec codec) throws IOException {
        Resource resource = resource(input);
        String policy = input.text("Policy");
        if (policy.length() > MOST_POLICY) {
            throw ServiceException.invalidArgument("A policy may have " + MOST_POLICY + " characters.");
        }
        try {
            if (!json.readTree(policy).isObject()) {
                throw ServiceException.invalidArgument("The policy must be a JSON object.");
            }
        } catch (JsonProcessingException e) {
            throw ServiceException.invalidArgument("The policy is no valid JSON: " + e.getOriginalMessage());
        }
        resource.setPolicy(policy);
        return Operation.NOTHING;
    }

    /** As in the service, a resource without a policy has an empty one. */
    private byte[] getPolicy(Input input, Codec codec) {
        String policy = resource(input).policy();
        return Answer.begin(codec)
                .text("Policy", policy.isEmpty() ? "{}" : policy)
                .end();
    }

    private byte[] deletePolicy(Input input, Codec codec) throws IOException {
        Resource resource = resource(input);
        if (resource.policy().isEmpty()) {
            throw ServiceException.notFound("No resource policy found for resource ARN " + input.text("ResourceARN"));
        }
        resource.setPolicy("");
        return Operation.NOTHING;
    }

    private Resource resource(Input input) {
        return Resource.of(input, context);
    }
}
