// Nothing of a personal page may lie in the browser's storage, not even its path (htmx would keep it): the
// bundler puts this in the place of both storages.
export const noStorage = {
  setItem() {
    throw new Error("no storage");
  },
  getItem: () => null,
  removeItem() {},
};
