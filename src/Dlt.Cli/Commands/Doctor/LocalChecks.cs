using System.Runtime.CompilerServices;
using Dlt.Aws;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Cli.Commands.Doctor;

/// <summary>Checks whether loads and queries work in the local account.</summary>
/// <param name="account">The local account.</param>
internal sealed class LocalChecks(LocalAthena account)
{
    /// <summary>Runs the checks, one after another. They create the folder of the account if it does not exist.</summary>
    public async IAsyncEnumerable<CheckResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await CheckAsync("folder", WriteAsync, cancellationToken);
        yield return await CheckAsync("catalog", ReadCatalogAsync, cancellationToken);
        yield return await CheckAsync("query", QueryAsync, cancellationToken);
    }

    private static async Task<CheckResult> CheckAsync(
        string name, Func<CancellationToken, Task<string>> check, CancellationToken cancellationToken)
    {
        try
        {
            return new(name, CheckState.Ok, await check(cancellationToken));
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new(name, CheckState.Failed, error.Message);
        }
    }

    private async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var probe = ObjectLocation.Parse(account.BucketUrl).Combine("_dlt_doctor/probe");
        await account.Objects.PutAsync(probe, "probe"u8.ToArray(), cancellationToken: cancellationToken);
        try
        {
            await account.Objects.GetAsync(probe, cancellationToken: cancellationToken);
        }
        finally
        {
            await account.Objects.DeleteAsync(probe.Bucket, [probe.Key], CancellationToken.None);
        }

        return $"objects in {account.Folder} can be written, read and removed";
    }

    private async Task<string> ReadCatalogAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var _ in account.Glue.GetDatabasesAsync(cancellationToken)) count++;
        return count == 1 ? "1 database" : $"{count} databases";
    }

    private async Task<string> QueryAsync(CancellationToken cancellationToken)
    {
        await using var result = await account.Athena.ExecuteAsync(new("SELECT 1"), cancellationToken);
        return "a query ran, and its result was read";
    }
}
