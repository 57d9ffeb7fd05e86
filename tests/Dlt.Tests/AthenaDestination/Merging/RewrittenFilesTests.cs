using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>The files that a merge writes again: where they are until they are uploaded.</summary>
public sealed class RewrittenFilesTests : ItemsMergeTests
{
    [Fact]
    public async Task Files_that_are_written_again_wait_in_the_package_where_the_next_run_finds_them()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a", "2 2 b"));
        var paths = new List<string>();
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var isOfItems = given is [ObjectLocation place, ..] && place.Key.StartsWith("ds/items", StringComparison.Ordinal);
            if (isOfItems && method == nameof(IObjectStore.UploadAsync)) lock (paths) paths.Add((string)given[1]!);
            return call();
        });
        await On("a", objects: objects).RunAsync(Items(Merge(), "1 3 c"));
        Assert.True(paths.Count > 2, string.Join(", ", paths));
        Assert.All(paths, path => Assert.StartsWith(Folder.File("a"), path, StringComparison.Ordinal));
        await AssertRowsAsync("1 3 [c]", "2 2 [b]");
    }
}
