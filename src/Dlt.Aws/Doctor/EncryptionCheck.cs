using Amazon.S3;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// Looks how new objects are encrypted, and whether the login may use the key: S3 needs <c>kms:GenerateDataKey</c> to write, and
/// <c>kms:Decrypt</c> to read.
/// </summary>
internal sealed class EncryptionCheck() : DoctorCheck("encryption")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Options.IsReadOnly) return Ok("not checked, because the destination is read_only");
        return await context.WithProbeAsync("key"u8.ToArray(), default, LookAsync, mustBeRemoved: false, cancellationToken)
            .ConfigureAwait(false);

        async Task<CheckResult> LookAsync(ObjectLocation probe)
        {
            var account = context.Account;
            var head = await AwsCall.RunAsync(
                account.S3.Endpoint,
                $"HeadObject of {probe}",
                () => account.S3.GetObjectMetadataAsync(probe.Bucket, probe.Key, cancellationToken),
                error => AwsCall.S3(error, probe, "HeadObject"),
                cancellationToken).ConfigureAwait(false);
            await account.Objects.GetAsync(probe, cancellationToken: cancellationToken).ConfigureAwait(false);
            var method = head.ServerSideEncryptionMethod;
            if (method is null || method == ServerSideEncryptionMethod.None) return Ok("the store does not say that it encrypts objects");
            var key = head.ServerSideEncryptionKeyManagementServiceKeyId;
            return Ok(key is { Length: > 0 }
                ? $"objects are encrypted with the key {key}, which the login may use to write and to read"
                : $"objects are encrypted with {method.Value}");
        }
    }
}
