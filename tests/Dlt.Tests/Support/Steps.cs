using System.Reflection;

namespace Dlt.Tests.Support;

/// <summary>
/// Calls of several services, counted together. At one of them the process "ends": that call happens or not, and no later one does.
/// </summary>
internal sealed class Steps
{
    private int _taken;

    /// <summary>The call at which the process ends, counted from one.</summary>
    public required int End { get; init; }

    /// <summary>True: the last call still happens, but its answer is lost.</summary>
    public bool IsLastDone { get; init; }

    /// <summary>A service whose calls are steps.</summary>
    public T Watch<T>(T service) where T : class => Intercept(service, (_, call) =>
    {
        var step = Interlocked.Increment(ref _taken);
        if (step < End) return call();
        if (step == End && IsLastDone) (call() as Task)?.GetAwaiter().GetResult();
        throw new EndedException();
    });

    /// <summary>A service whose calls go through a function, with the method's name.</summary>
    public static T Intercept<T>(T service, Func<string, Func<object?>, object?> around) where T : class =>
        Intercept(service, (method, _, call) => around(method, call));

    /// <summary>
    /// A service whose calls go through a function, with the method's name and the arguments of that call; calls may run at once.
    /// </summary>
    public static T Intercept<T>(T service, Func<string, object?[], Func<object?>, object?> around) where T : class
    {
        var proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Call = (method, given) =>
            around(method.Name, given ?? [], () => method.Invoke(service, BindingFlags.DoNotWrapExceptions, null, given, null));
        return proxy;
    }

    /// <summary>What no code catches.</summary>
    internal sealed class EndedException : Exception;

    internal class Proxy : DispatchProxy
    {
        public Func<MethodInfo, object?[]?, object?> Call { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args);
    }
}
