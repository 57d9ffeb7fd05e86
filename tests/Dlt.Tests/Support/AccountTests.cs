namespace Dlt.Tests.Support;

/// <summary>Tests that load into a local account in a folder of their own, which is removed afterwards.</summary>
public abstract class AccountTests : IDisposable
{
    /// <summary>Hints of an Iceberg table.</summary>
    protected static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Folder of the account, the pipelines and the files of a test.</summary>
    private protected TempFolder Folder { get; } = new();

    private protected LocalAthena Account => Some.Account(Folder);

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
