using System.ComponentModel;
using System.Runtime.CompilerServices;
using Dlt.Aws;

namespace Dlt.Internal;

/// <summary>
/// Checks whether loads and queries work in an account: logins, clock, bucket, rights, workgroup, leftovers. Each problem says what to do.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AwsDoctor
{
    private static readonly DoctorCheck[] Logins = [new LoginCheck(isStorage: false), new LoginCheck(isStorage: true), new ClockCheck()];

    private static readonly DoctorCheck[] Storage =
        [new BucketCheck(), new ReadingCheck(), new WritingCheck(), new ConditionCheck(), new EncryptionCheck(), new UploadsCheck()];

    private static readonly DoctorCheck[] Queries =
    [
        new DataCatalogCheck(), new GlueReadingCheck(), new GlueWritingCheck(), new VersionCheck(), new WorkGroupCheck(),
        new ResultsCheck(), new QueryCheck(),
    ];

    /// <summary>Runs all checks, one after another. Those that need a login or a bucket which is missing are left out.</summary>
    /// <param name="options">What is checked.</param>
    /// <param name="waits">Clock, waits between attempts, and reports of long waits; null to wait silently.</param>
    /// <param name="cancellationToken">Stops between and within checks.</param>
    /// <returns>The results in the order of the checks. A check never throws for what it finds.</returns>
    /// <remarks>
    /// Writes objects below <c>_dlt_doctor/</c> and a table <c>_dlt_doctor_*</c> in a database that exists, and removes them again. Runs
    /// one query that reads no data. Creates nothing else.
    /// </remarks>
    public static async IAsyncEnumerable<CheckResult> RunAsync(
        AwsDoctorOptions options, RetryWaits? waits = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var context = new DoctorContext(options, waits ?? RetryWaits.Silent);
        await using (context.ConfigureAwait(false))
        {
            foreach (var check in Logins) yield return await check.RunAsync(context, cancellationToken).ConfigureAwait(false);
            if (context.AthenaLogin is null || context.StorageLogin is null) yield break;
            foreach (var check in Storage.Concat(Queries))
            {
                if (context.IsBucketMissing && Storage.Contains(check)) continue;
                yield return await check.RunAsync(context, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
