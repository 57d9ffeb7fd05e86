using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// The folder that results of queries are written to (Amazon Athena User Guide, "Specify a query result location"): that of the settings or
/// that of the workgroup.
/// </summary>
internal static class ResultPlace
{
    /// <summary>Asks the workgroup where results go.</summary>
    /// <param name="options">The account.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>
    /// The folder; null when nothing names one, or Athena keeps the results itself. If the login may not read the workgroup, the place of
    /// the settings.
    /// </returns>
    public static async Task<ObjectLocation?> FindAsync(AwsAccountOptions options, CancellationToken cancellationToken)
    {
        var own = options.QueryResultBucket is { Length: > 0 } set ? set : null;
        try
        {
            var account = AwsAccount.Open(options);
            await using (account.ConfigureAwait(false))
            {
                var name = options.WorkGroup ?? WorkGroup.Default;
                var group = await account.Queries.GetWorkGroupAsync(name, cancellationToken).ConfigureAwait(false);
                if (group.ManagesResults) return null;
                own = group.Enforces ? group.OutputLocation ?? own : own ?? group.OutputLocation;
            }
        }
        catch (DltException)
        {
            // The settings say it, unless the workgroup says otherwise.
        }

        return own is { Length: > 0 } ? ObjectLocation.Parse(own.TrimEnd('/')) : null;
    }
}
