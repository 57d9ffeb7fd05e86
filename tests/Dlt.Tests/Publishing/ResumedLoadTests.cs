using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Publishing;

/// <summary>A load that another process goes on with: under other settings, or after others became complete.</summary>
public sealed class ResumedLoadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_file_that_a_power_cut_left_in_two_folders_is_loaded_once()
    {
        var account = Some.Account(_folder);
        await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(account, objects: NoRow(account)).RunAsync(Some.Resource("items", """{"id":1}""")));
        var package = Directory.GetDirectories(Path.Combine(account.PipelinesFolder!, "pipe", "load", "normalized")).Single();
        foreach (var file in Directory.GetFiles(Path.Combine(package, "completed_jobs")))
            foreach (var folder in new[] { "new_jobs", "started_jobs" }) File.Copy(file, Path.Combine(package, folder, Path.GetFileName(file)));
        await new Machine(account).Pipeline().LoadPendingAsync(Cancellation);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        Assert.Equal(0, Machine.Pending(account));
    }

    /// <summary>A store that cannot take the row which makes a load complete.</summary>
    private static IObjectStore NoRow(LocalAthena account)
    {
        object?[] given = [];
        return Steps.Intercept(
            account.Objects,
            (method, call) => given.OfType<ObjectLocation>().FirstOrDefault()?.Key is { } key && key.Contains("/_dlt_loads/data/", StringComparison.Ordinal)
                && method is nameof(IObjectStore.PutAsync) or nameof(IObjectStore.UploadAsync) ? throw new DltException("The power is gone.") : call(),
            arguments => given = arguments);
    }
}
