using Dlt.Tests.Aws.Queries;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Lake;

/// <summary>The local Athena, on DuckDB.</summary>
public class DuckAthenaTests : AthenaContract
{
    private protected override async Task<OpenAthena> OpenAsync(AthenaAnswer answer)
    {
        var folder = new TempFolder();
        var account = new LocalAthena(folder.Path);
        await account.Glue.CreateDatabaseAsync(new() { Name = "ds" }, TestContext.Current.CancellationToken);
        return new(account.Athena, new Folder(folder));
    }

    private sealed class Folder(TempFolder folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return default;
        }
    }
}

/// <summary>The client of Amazon Athena, against its wire protocol on loopback.</summary>
public class AwsAthenaTests : AthenaContract
{
    private protected override Task<OpenAthena> OpenAsync(AthenaAnswer answer)
    {
        var server = AthenaServer.Start(answer);
        return Task.FromResult(new OpenAthena(Moto.Open(server.Url).Athena, server));
    }
}
