using Dlt.Internal;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>What the checks of one run share: the options, and what earlier checks found.</summary>
/// <param name="options">What is checked.</param>
/// <param name="waits">Clock, and waits between attempts.</param>
internal sealed class DoctorContext(AwsDoctorOptions options, RetryWaits waits) : IAsyncDisposable
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);

    private AwsAccount? _account;

    public AwsDoctorOptions Options => options;

    public RetryWaits Waits => waits;

    /// <summary>The login of Glue and Athena; null until its check has found it.</summary>
    public AwsLogin? AthenaLogin { get; set; }

    /// <summary>The login of S3; null until its check has found it.</summary>
    public AwsLogin? StorageLogin { get; set; }

    /// <summary>Time of this machine less that of AWS; null if no service said it.</summary>
    public TimeSpan? ClockOffset { get; set; }

    /// <summary>True after the check of the bucket if there is none.</summary>
    public bool IsBucketMissing { get; set; }

    /// <summary>Bucket and folder of the data. The key is empty, or the folder without a slash at its end.</summary>
    public ObjectLocation Data => ObjectLocation.Parse(options.Account.BucketUrl.TrimEnd('/'));

    /// <summary>Folder of the data with a slash at its end; empty for the whole bucket.</summary>
    public string Folder => Data.Key.Length == 0 ? "" : Data.Key + "/";

    /// <summary>The clients of the account; only after both logins were found.</summary>
    public AwsAccount Account => _account ??= AwsAccount.Open(options.Account, waits);

    /// <summary>
    /// Writes a new object below the data, looks at it, and removes it. It is removed too when the look fails or the checks are stopped.
    /// </summary>
    /// <param name="content">Content of the object.</param>
    /// <param name="condition">Condition of the write.</param>
    /// <param name="look">The check.</param>
    /// <param name="mustBeRemoved">True for a check that fails when the object stays; other checks only name it.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="DltException">A call was refused; the message names the object if it stays.</exception>
    public async Task<CheckResult> WithProbeAsync(
        byte[] content, PutCondition condition, Func<ObjectLocation, Task<CheckResult>> look, bool mustBeRemoved,
        CancellationToken cancellationToken)
    {
        var probe = new ObjectLocation(Data.Bucket, $"{Folder}_dlt_doctor/{Guid.NewGuid():N}");
        var isWritten = false;
        CheckResult result;
        try
        {
            await Account.Objects.PutAsync(probe, content, condition, cancellationToken).ConfigureAwait(false);
            isWritten = true;
            result = await look(probe).ConfigureAwait(false);
        }
        catch (Exception error) when (isWritten || error is not DltException { IsTransient: false })
        {
            var problem = await RemoveAsync(probe).ConfigureAwait(false);
            if (problem is null || error is not DltException) throw;
            throw new DltException($"{error.Message} {problem}", error);
        }

        if (await RemoveAsync(probe).ConfigureAwait(false) is not { } left) return result;
        return mustBeRemoved ? throw new DltException(left) : result with { Message = $"{result.Message}. {left}" };
    }

    /// <summary>Removes a probe, whether or not the checks were stopped.</summary>
    /// <returns>Why it stays; null if it does not.</returns>
    private async Task<string?> RemoveAsync(ObjectLocation probe)
    {
        using var limit = new CancellationTokenSource(RemovalLimit, waits.Time);
        try
        {
            await Account.Objects.DeleteAsync(probe.Bucket, [probe.Key], limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (DltException error)
        {
            return $"{Failure.Sentence(error)} The probe {probe} stays. Delete it.";
        }
        catch (OperationCanceledException)
        {
            return $"S3 did not answer. The probe {probe} stays. Delete it.";
        }
    }

    public ValueTask DisposeAsync() => _account?.DisposeAsync() ?? default;
}
