using Dlt.Items;

namespace Dlt.Extract;

/// <summary>Creates the contexts of transformers and runs them.</summary>
/// <param name="context">Creates the context of a resource, with the current records of its ancestors.</param>
/// <param name="cursor">Opens the cursor of a resource; null when it has none.</param>
/// <param name="guard">Names the resource in errors of its own code.</param>
internal sealed class TransformerRuns(
    Func<Resource, IReadOnlyDictionary<string, object?>, ResourceContext> context,
    Func<Resource, ResourceContext, IncrementalCursor?> cursor,
    Func<Resource, ResourceContext, IAsyncEnumerable<object?>, CancellationToken, IAsyncEnumerable<IEnumerable<Item>>> guard)
{
    /// <summary>Creates a context without a cursor.</summary>
    public ResourceContext Context(Resource transformer, IReadOnlyDictionary<string, object?> ancestors) => context(transformer, ancestors);

    /// <summary>Creates a context with the cursor of the hints.</summary>
    public ResourceContext ContextWithCursor(Resource transformer, IReadOnlyDictionary<string, object?> ancestors)
    {
        var made = context(transformer, ancestors);
        made.Cursor = cursor(transformer, made);
        return made;
    }

    /// <summary>Returns the pages that a transformer makes from one item of its parent.</summary>
    public IAsyncEnumerable<IEnumerable<Item>> RunAsync(
        Resource transformer, ResourceContext context, object? value, CancellationToken cancellationToken) =>
        guard(transformer, context, transformer.TransformItem(value, context, cancellationToken), cancellationToken);
}
