using Dlt.Internal;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>What the checks of one run share: the options, and what earlier checks found.</summary>
/// <param name="options">What is checked.</param>
/// <param name="waits">Clock, and waits between attempts.</param>
internal sealed class DoctorContext(AwsDoctorOptions options, RetryWaits waits) : IAsyncDisposable
{
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

    /// <summary>The clients of the account; only after both logins were found.</summary>
    public AwsAccount Account => _account ??= AwsAccount.Open(options.Account, waits);

    /// <summary>A new object below the data, for a probe.</summary>
    public ObjectLocation Probe()
    {
        var folder = Data.Key.Length == 0 ? "" : Data.Key + "/";
        return new(Data.Bucket, $"{folder}_dlt_doctor/{Guid.NewGuid():N}");
    }

    /// <summary>Removes a probe. A failure is that of the check "writing", and not of the check that wrote this probe.</summary>
    public async Task RemoveAsync(ObjectLocation probe, CancellationToken cancellationToken)
    {
        try
        {
            await Account.Objects.DeleteAsync(probe.Bucket, [probe.Key], cancellationToken).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // The object is small, and its folder names the doctor.
        }
    }

    public ValueTask DisposeAsync() => _account?.DisposeAsync() ?? default;
}
