using Dlt.Destinations.Previews;

namespace Dlt.Destinations;

internal sealed partial class AthenaDataset
{
    /// <summary>Notes the changes of tables; null in a dataset that is not opened for a preview.</summary>
    private readonly PreviewDdl? _preview;

    public async Task<LoadPreview> PreviewAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        if (_preview is null) throw new InvalidOperationException($"Dataset '{Database}' was not opened for a preview.");
        await PrepareAsync(plan, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Database = Database,
            Statements = _preview.Take(),
            MergeQueries = Load(plan.LoadId).SqlMerge?.Statements ?? 0,
        };
    }
}
