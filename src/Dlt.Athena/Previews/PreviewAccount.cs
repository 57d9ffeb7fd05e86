using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Previews;

/// <summary>
/// An account that reads another one and keeps all changes to itself, in memory. So a preview takes the decisions of a load with its own
/// code, and nothing that it does can reach the account.
/// </summary>
internal sealed class PreviewAccount : LakeAccount, IAsyncDisposable
{
    /// <summary>Opens a preview of an account.</summary>
    /// <param name="account">The account, of which only methods that read are called.</param>
    /// <param name="folder">Folder for temporary files.</param>
    /// <param name="time">Clock of the objects that the preview writes.</param>
    public PreviewAccount(LakeAccount account, string folder, TimeProvider time)
    {
        Account = account;
        Read = account.ForPreview(folder);
        Objects = new PreviewStore(Read.Objects, time);
        Glue = new PreviewCatalog(Read.Glue);
    }

    /// <summary>The account that is previewed.</summary>
    public LakeAccount Account { get; }

    /// <summary>The account that is read: the same one, or an empty one while it does not exist.</summary>
    public LakeAccount Read { get; }

    public override IObjectStore Objects { get; }

    public override IGlueCatalog Glue { get; }

    public override IAthena Athena { get; } = new PreviewAthena();

    public override string BucketUrl => Account.BucketUrl;

    public override string QueryResultBucket => Account.QueryResultBucket;

    public override string? PipelinesFolder => Account.PipelinesFolder;

    public override string? FolderOf(string location) => Account.FolderOf(location);

    public async ValueTask DisposeAsync()
    {
        if (Account is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
    }
}
